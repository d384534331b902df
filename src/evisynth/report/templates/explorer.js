
"use strict";
(() => {
  const table = document.getElementById("explorer");
  const form = document.querySelector("form.filters");
  if (!table || !form) return;
  const body = table.tBodies[0], rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells], count = form.querySelector("output");
  const selects = [...form.querySelectorAll("select")], search = form.querySelector("#search");
  const text = rows.map(row => [...row.cells].map(cell => cell.textContent.trim()));
  const folded = text.map(cells => cells.join(" ").toLowerCase());
  for (const select of selects) {
    const values = [...new Set(text.map(cells => cells[select.dataset.column]))].sort();
    for (const value of values) select.add(new Option(value, value));
  }
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      const fits = words.every(word => folded[place].includes(word)) &&
        selects.every(select => !select.value || text[place][select.dataset.column] === select.value);
      row.hidden = !fits;
      shown += fits;
    });
    count.textContent = `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")} figures`;
  };
  const collator = new Intl.Collator("en", { numeric: true });
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down === 1 ? "ascending" : "descending");
      const order = rows.map((_, place) => place)
        .sort((one, other) => down * collator.compare(text[one][column], text[other][column]));
      body.append(...order.map(place => rows[place]));
    });
  });
  // What a spreadsheet would run as a formula is marked as text, as evisynth query does.
  const cell = value => {
    const formula = /^[=+\-@\t\r](?!\d[\w.,% ]*$)[^]/.test(value);
    return `"${(formula ? "'" + value : value).replaceAll('"', '""')}"`;
  };
  form.querySelector("#csv").addEventListener("click", () => {
    const lines = [heads.map(head => cell(head.textContent))];
    for (const row of body.rows) if (!row.hidden) lines.push([...row.cells].map(one => cell(one.textContent.trim())));
    const link = document.createElement("a");
    link.href = "data:text/csv;charset=utf-8," + encodeURIComponent(lines.map(line => line.join(",")).join("\r\n") + "\r\n");
    link.download = "figures.csv";
    link.click();
  });
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("input", apply);
  form.hidden = false;
  apply();
})();
