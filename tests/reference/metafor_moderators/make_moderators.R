# Reference values of tests/pipeline/test_moderators.py: meta-regressions of six made-up survival rates.
#   Rscript make_moderators.R > moderators.json
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
s <- c(0.60, 0.65, 0.75, 0.70, 0.85, 0.80)
n <- c(80, 120, 60, 150, 90, 200)
year <- c(1988, 1994.5, 2001, 1999, 2010, 2006.5)
women <- c(0.40, 0.52, 0.45, 0.61, 0.50, 0.38)
site <- factor(c("liver", "liver", "both", "liver", "both", "both"), levels = c("liver", "both"))
yi <- log(-log(s)); vi <- (1 - s) / (n * s * log(s)^2)
control <- list(threshold = 1e-14, maxiter = 10000)
values <- function(mods, at) {
  fit <- rma(yi, vi, mods = mods, method = "REML", test = "adhoc", control = control)
  told <- predict(fit, newmods = at)
  list(beta = as.vector(fit$beta), se = fit$se, p = fit$pval, QM = fit$QM, QMp = fit$QMp, tau2 = fit$tau2,
       R2 = fit$R2 / 100, QE = fit$QE, QEp = fit$QEp, pred = told$pred, ci.lb = told$ci.lb, ci.ub = told$ci.ub,
       pi.lb = told$pi.lb, pi.ub = told$pi.ub)
}
cat(toJSON(list(version = as.character(packageVersion("metafor")),
  year = values(~ year, 2000), women_and_year = values(~ women + year, c(0.5, mean(year))),
  site = values(~ site, 1)), digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
