# Pools the data sets of R package metadat with R package metafor and writes one JSON file a data set.
#
#   Rscript make_fits.R FOLDER
#
# metafor stops iterating when tau^2 moves by less than an absolute 1e-5, whatever the unit of the data. So each set
# is fitted in a unit in which its mean sampling variance is 100, with a threshold of 1e-10 there, and the answers
# are taken back to the unit of the data. ML and REML may have two maxima: they are started from several values and
# the fit of the highest likelihood is kept.

suppressPackageStartupMessages({
  library(metafor)
  library(metadat)
  library(jsonlite)
})

methods <- c("FE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM")

fit_from <- function(yi, vi, method, test, start) {
  control <- list(threshold = 1e-10, maxiter = 100000, tol = 1e-10)
  if (!is.null(start)) control$tau2.init <- start
  tryCatch(suppressWarnings(rma(yi, vi, method = method, test = test, control = control)), error = function(e) NULL)
}

fit_best <- function(yi, vi, method, test) {
  if (!(method %in% c("ML", "REML"))) return(fit_from(yi, vi, method, test, NULL))
  starts <- c(0, 1, 0.5 * var(yi), 4 * var(yi))
  found <- Filter(Negate(is.null), lapply(starts, function(s) fit_from(yi, vi, method, test, s)))
  likelihoods <- sapply(found, function(f) as.numeric(logLik(f)))
  found[[which.max(likelihoods)]]
}

q_profile <- function(fit) {
  limits <- confint(fit, control = list(tol = 1e-10, maxiter = 100000, tau2.max = 1e7))$random["tau^2", ]
  unname(limits[c("ci.lb", "ci.ub")])
}

pool_one <- function(yi, vi, method) {
  unit <- sqrt(100 / mean(vi))
  wald <- fit_best(yi * unit, vi * unit^2, method, "z")
  knha <- fit_best(yi * unit, vi * unit^2, method, "knha")
  number <- function(x) if (is.null(x) || length(x) == 0 || is.na(x)) NA else as.numeric(x)
  prediction <- function(fit, which) if (method == "FE") NA else number(predict(fit)[[which]]) / unit
  out <- list(
    estimate = number(wald$b) / unit, se = wald$se / unit, ci_lb = wald$ci.lb / unit, ci_ub = wald$ci.ub / unit,
    pval = wald$pval, tau2 = wald$tau2 / unit^2, I2 = wald$I2, H2 = wald$H2, Q = wald$QE, Qp = wald$QEp,
    pi_lb = prediction(wald, "pi.lb"), pi_ub = prediction(wald, "pi.ub"),
    knha_se = knha$se / unit, knha_ci_lb = knha$ci.lb / unit, knha_ci_ub = knha$ci.ub / unit,
    knha_pval = knha$pval, knha_pi_lb = prediction(knha, "pi.lb"), knha_pi_ub = prediction(knha, "pi.ub")
  )
  if (method %in% c("DL", "REML")) out$tau2_ci <- q_profile(wald) / unit^2
  lapply(out, unbox_numbers)
}

unbox_numbers <- function(x) if (length(x) == 1) unbox(x) else x

pool_all <- function(effects) {
  yi <- as.numeric(effects$yi)
  vi <- as.numeric(effects$vi)
  fits <- lapply(methods, function(m) pool_one(yi, vi, m))
  list(yi = yi, vi = vi, fits = setNames(fits, methods))
}

closed_form <- function(fit) {
  lapply(list(estimate = as.numeric(fit$b), se = fit$se, ci_lb = fit$ci.lb, ci_ub = fit$ci.ub), unbox)
}

two_by_two <- function(events1, n1, events2, n2) {
  tables <- list(ai = events1, n1i = n1, ci = events2, n2i = n2)
  measures <- lapply(c(RR = "RR", OR = "OR", RD = "RD", AS = "AS", PETO = "PETO"), function(measure) {
    out <- pool_all(do.call(escalc, c(list(measure = measure), tables)))
    if (measure %in% c("RR", "OR", "RD")) {
      out$mantel_haenszel <- closed_form(do.call(rma.mh, c(list(measure = measure), tables)))
    }
    if (measure == "PETO") out$peto <- closed_form(do.call(rma.peto, tables))
    out
  })
  list(kind = unbox("two_by_two"), events1 = events1, n1 = n1, events2 = events2, n2 = n2, measures = measures)
}

two_rates <- function(events1, time1, events2, time2) {
  rates <- list(x1i = events1, t1i = time1, x2i = events2, t2i = time2)
  measures <- lapply(c(IRR = "IRR", IRD = "IRD", IRSD = "IRSD"), function(measure) {
    out <- pool_all(do.call(escalc, c(list(measure = measure), rates)))
    if (measure == "IRR") out$mantel_haenszel <- closed_form(do.call(rma.mh, c(list(measure = "IRR"), rates)))
    out
  })
  list(
    kind = unbox("two_rates"), events1 = events1, time1 = time1, events2 = events2, time2 = time2,
    measures = measures
  )
}

proportion <- function(events, n) {
  measures <- lapply(c(PR = "PR", PLN = "PLN", PLO = "PLO", PAS = "PAS", PFT = "PFT"), function(measure) {
    pool_all(escalc(measure = measure, xi = events, ni = n))
  })
  list(kind = unbox("proportion"), events = events, n = n, measures = measures)
}

two_means <- function(d) {
  measures <- lapply(c(MD = "MD", SMD = "SMD", SMDH = "SMDH", ROM = "ROM"), function(measure) {
    pool_all(escalc(
      measure = measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = d
    ))
  })
  list(kind = unbox("two_means"), measures = measures)
}

correlation <- function(r, n) {
  list(kind = unbox("correlation"), measures = list(ZCOR = pool_all(escalc(measure = "ZCOR", ri = r, ni = n))))
}

generic <- function(yi, vi) {
  list(kind = unbox("generic"), measures = list(GEN = pool_all(list(yi = yi, vi = vi))))
}

fine <- function(time) {
  d <- dat.fine1993
  events1 <- d[[paste0("e", time, "i")]]
  events2 <- d[[paste0("c", time, "i")]]
  known <- !is.na(events1) & !is.na(events2)
  two_by_two(events1[known], d$nei[known], events2[known], d$nci[known])
}

plain_tables <- function(d) two_by_two(d$ai, d$n1i, d$ci, d$n2i)
mycn <- subset(dat.riley2003, outcome == "OS")

sets <- list(
  bcg = with(dat.bcg, two_by_two(tpos, tpos + tneg, cpos, cpos + cneg)),
  egger2001 = plain_tables(dat.egger2001),
  fine1993_t1 = fine(1), fine1993_t2 = fine(2), fine1993_t3 = fine(3), fine1993_t4 = fine(4),
  li2007 = plain_tables(dat.li2007),
  nielweise2007 = plain_tables(dat.nielweise2007),
  hart1999 = with(dat.hart1999, two_rates(x1i, t1i, x2i, t2i)),
  debruin2009 = with(dat.debruin2009, proportion(xi, ni)),
  pritz1997 = with(dat.pritz1997, proportion(xi, ni)),
  normand1999 = two_means(dat.normand1999),
  molloy2014 = with(dat.molloy2014, correlation(ri, ni)),
  begg1989 = with(dat.begg1989, generic(yi, vi)),
  hackshaw1998 = with(dat.hackshaw1998, generic(as.numeric(yi), as.numeric(vi))),
  pignon2000 = with(dat.pignon2000, generic(OmE / V, 1 / V)),
  raudenbush1985 = with(dat.raudenbush1985, generic(as.numeric(yi), as.numeric(vi))),
  riley2003_MYCN = with(mycn, generic(as.numeric(yi), as.numeric(vi)))
)

folder <- commandArgs(trailingOnly = TRUE)[1]
versions <- paste0(
  "R ", getRversion(), ", metafor ", packageVersion("metafor"), ", metadat ", packageVersion("metadat")
)
for (name in names(sets)) {
  content <- c(list(dataset = unbox(name), made_with = unbox(versions)), sets[[name]])
  write_json(content, file.path(folder, paste0(name, ".json")), digits = NA, na = "null", pretty = FALSE)
}
