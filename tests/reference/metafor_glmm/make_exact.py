"""Writes exact.json: the maximum of the binomial-normal likelihood with every integral to 30 digits (mpmath).

Run in this folder, after make.R; it takes a few minutes.
"""

from __future__ import annotations

import json
from pathlib import Path

import mpmath as mp

mp.mp.dps = 30


def log_likelihood(mu: mp.mpf, tau: mp.mpf, events: list[int], n: list[int]) -> mp.mpf:
    total = mp.mpf(0)
    for x, size in zip(events, n, strict=True):
        mode = mp.mpf(0)
        for _ in range(40):
            p = 1 / (1 + mp.exp(-(mu + tau * mode)))
            mode += (tau * (x - size * p) - mode) / (tau**2 * size * p * (1 - p) + 1)
        scale = 1 / mp.sqrt(tau**2 * size * p * (1 - p) + 1)

        def log_integrand(u: mp.mpf, x: int = x, size: int = size) -> mp.mpf:
            eta = mu + tau * u
            return x * eta - size * mp.log1p(mp.exp(eta)) - u * u / 2

        largest = log_integrand(mode)
        pieces = [mode + scale * place for place in (-14, -6, -2, 0, 2, 6, 14)]
        integral = mp.quad(lambda u, h=log_integrand, top=largest: mp.exp(h(u) - top), pieces)
        total += largest + mp.log(integral / mp.sqrt(2 * mp.pi)) + mp.log(mp.binomial(size, x))
    return total


def exact_fit(dataset: str, events: list[int], n: list[int], start: dict[str, float]) -> dict[str, object]:
    def value(mu: mp.mpf, tau: mp.mpf) -> mp.mpf:
        return log_likelihood(mu, tau, events, n)

    def slopes(mu: mp.mpf, tau: mp.mpf) -> tuple[mp.mpf, mp.mpf]:
        return mp.diff(lambda m: value(m, tau), mu), mp.diff(lambda t: value(mu, t), tau)

    mu, tau = mp.findroot(slopes, (mp.mpf(start["estimate"]), mp.sqrt(mp.mpf(start["tau2"]))), tol=1e-14)
    step = mp.mpf("1e-6")
    corners = [value(mu + a * step, tau + b * step) * a * b for a in (1, -1) for b in (1, -1)]
    mixed = mp.fsum(corners) / (4 * step**2)
    information = -mp.matrix(
        [
            [mp.diff(lambda m: value(m, tau), mu, 2), mixed],
            [mixed, mp.diff(lambda t: value(mu, t), tau, 2)],
        ]
    )
    figures = {
        "estimate": mu,
        "se": mp.sqrt((information**-1)[0, 0]),
        "tau2": tau**2,
        "logLik": value(mu, tau),
    }
    return {"dataset": dataset, **{name: mp.nstr(figure, 15) for name, figure in figures.items()}}


def main() -> None:
    here = Path(__file__).parent
    fits = json.loads((here / "fits.json").read_text(encoding="utf-8"))
    exact = [
        exact_fit(case["dataset"], case["events"], case["n"], case["fits"][-1]["lme4_tight"])
        for case in fits
        if case["fits"][-1]["lme4_tight"]["tau2"] > 0.01
    ]
    (here / "exact.json").write_text(json.dumps(exact, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
