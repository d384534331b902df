# Writes the JSON files beside it: estimates and sampling variances by metafor's escalc().
# Rscript make.R, with metafor 3.8-1, metadat 1.2-0 and jsonlite; R 4.2.2.
suppressMessages(library(metafor))
library(jsonlite)

columns <- list(
  two_by_two = c(events1 = "ai", n1 = "n1i", events2 = "ci", n2 = "n2i"),
  proportions = c(events = "xi", n = "ni"),
  rates = c(events = "xi", time = "ti"),
  two_rates = c(events1 = "x1i", time1 = "t1i", events2 = "x2i", time2 = "t2i"),
  means = c(mean1 = "m1i", sd1 = "sd1i", n1 = "n1i", mean2 = "m2i", sd2 = "sd2i", n2 = "n2i"),
  correlations = c(r = "ri", n = "ni")
)
measures <- list(
  two_by_two = c("RR", "OR", "RD", "AS", "PETO"),
  proportions = c("PR", "PLN", "PLO", "PAS", "PFT"),
  rates = c("IR", "IRLN", "IRS"),
  two_rates = c("IRR", "IRD", "IRSD"),
  means = c("MD", "SMD", "SMDH", "ROM"),
  correlations = c("COR", "ZCOR")
)
corrected <- c("two_by_two", "proportions", "rates", "two_rates")
# Defined with empty cells: escalc() adds nothing to them unless it is told how much.
uncorrected <- c("AS", "PAS", "PFT", "IRS", "IRSD")

# Estimates of the rows (usable, from 1) where escalc() finds a finite estimate and a variance above 0.
one <- function(family, data, measure, to, add = NULL) {
  args <- c(list(measure = measure), as.list(data))
  if (!is.null(to)) args$to <- to
  if (!is.null(add)) args$add <- add
  result <- suppressWarnings(do.call(escalc, args))
  y <- as.numeric(result$yi); v <- as.numeric(result$vi)
  usable <- is.finite(y) & is.finite(v) & v > 0
  said <- if (is.null(add)) list(measure = measure, to = to) else list(measure = measure, to = to, add = unbox(add))
  c(said, list(usable = which(usable), yi = y[usable], vi = v[usable]))
}

case <- function(family, name, data) {
  data <- data[columns[[family]]]
  data <- data[complete.cases(data), , drop = FALSE]
  tos <- if (family %in% corrected) list("only0", "all", "none") else list(NULL)
  results <- unlist(lapply(measures[[family]], function(m) lapply(tos, function(t) one(family, data, m, t))),
                    recursive = FALSE)
  for (m in intersect(measures[[family]], uncorrected)) {
    results <- c(results, lapply(c("only0", "all"), function(t) one(family, data, m, t, 0.5)))
  }
  raw <- as.list(data); names(raw) <- names(columns[[family]])
  list(dataset = name, data = raw, results = results)
}

fine <- function(i) with(dat.fine1993, data.frame(ai = get(paste0("e", i, "i")), n1i = nei,
                                                 ci = get(paste0("c", i, "i")), n2i = nci))
borders_two_by_two <- data.frame(ai = c(0, 5, 5, 0, 6, 3, 2), n1i = c(10, 5, 20, 12, 6, 9, 8),
                                 ci = c(3, 3, 0, 0, 8, 4, 8), n2i = c(12, 6, 18, 11, 8, 9, 8))
borders_proportions <- data.frame(xi = c(0, 3, 7, 0, 1), ni = c(5, 10, 7, 1, 1))
borders_rates <- data.frame(xi = c(0, 3, 7), ti = c(5, 10.5, 7))
borders_two_rates <- data.frame(x1i = c(0, 3, 7, 0), t1i = c(5, 10.5, 7, 2.5),
                                x2i = c(2, 0, 4, 0), t2i = c(6, 8, 9, 3.25))
borders_means <- data.frame(m1i = c(5, -2.5, 0.1), sd1i = c(2, 0, 7), n1i = c(10, 2, 300),
                            m2i = c(4, -3, 0.2), sd2i = c(3, 1, 6), n2i = c(7, 2, 12))
borders_correlations <- data.frame(ri = c(0.3, -0.5, 0, 0.99), ni = c(10, 20, 30, 4))
hart <- dat.hart1999
cases <- list(
  two_by_two = list(
    case("two_by_two", "bcg", with(dat.bcg, data.frame(ai = tpos, n1i = tpos + tneg, ci = cpos, n2i = cpos + cneg))),
    case("two_by_two", "egger2001", dat.egger2001),
    case("two_by_two", "fine1993_t1", fine(1)), case("two_by_two", "fine1993_t2", fine(2)),
    case("two_by_two", "fine1993_t3", fine(3)), case("two_by_two", "fine1993_t4", fine(4)),
    case("two_by_two", "li2007", dat.li2007), case("two_by_two", "nielweise2007", dat.nielweise2007),
    case("two_by_two", "borders", borders_two_by_two)),
  proportions = list(case("proportions", "pritz1997", dat.pritz1997),
                     case("proportions", "debruin2009", dat.debruin2009),
                     case("proportions", "borders", borders_proportions)),
  rates = list(case("rates", "hart1999_warfarin", data.frame(xi = hart$x1i, ti = hart$t1i)),
               case("rates", "borders", borders_rates)),
  two_rates = list(case("two_rates", "hart1999", hart), case("two_rates", "borders", borders_two_rates)),
  means = list(case("means", "normand1999", dat.normand1999), case("means", "borders", borders_means)),
  correlations = list(case("correlations", "molloy2014", dat.molloy2014),
                      case("correlations", "borders", borders_correlations))
)
scalars <- function(x) rapply(x, function(e) if (is.character(e)) unbox(e) else e, how = "replace")
for (family in names(cases)) {
  text <- toJSON(scalars(cases[[family]]), digits = NA, null = "null", auto_unbox = FALSE)
  text <- gsub('{"dataset"', '\n{"dataset"', text, fixed = TRUE)
  text <- gsub('{"measure"', '\n  {"measure"', text, fixed = TRUE)
  writeLines(text, paste0(family, ".json"))
}
