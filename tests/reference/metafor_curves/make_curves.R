# Reference values of tests/synthesis/test_pooled_curves.py: pooled curves of made-up survival rates.
#   Rscript make_curves.R > curves.json
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
sets <- list(
  whole = list(
    curve = rep(c("a", "b", "c", "d", "e"), each = 3), time = rep(c(12, 36, 60), 5), n = rep(c(80, 120, 60, 150, 90), each = 3),
    s = c(.93, .80, .62, .90, .71, .55, .96, .88, .79, .85, .66, .52, .97, .85, .74)),
  gaps = list(
    curve = c("a", "a", "a", "b", "b", "c", "c", "c", "d", "e", "e", "f", "f"),
    time = c(12, 60, 120, 12, 60, 36, 60, 120, 60, 12, 36, 60, 120),
    n = c(80, 80, 80, 120, 120, 60, 60, 60, 150, 90, 90, 200, 200),
    s = c(.95, .70, .41, .85, .48, .88, .79, .60, .82, .91, .60, .74, .39)),
  alike = list(
    curve = rep(c("a", "b", "c"), each = 2), time = rep(c(36, 60), 3), n = rep(c(40, 50, 45), each = 2),
    s = c(.80, .68, .79, .66, .82, .71)),
  flat = list(
    curve = rep(c("a", "b", "c", "d"), each = 2), time = rep(c(60, 120), 4), n = rep(c(80, 37, 147, 18), each = 2),
    s = c(.88, .79, .88, .39, .82, .64, .82, .82)))
answer <- function(d) {
  y <- log(-log(d$s)); v <- (1 - d$s) / (d$n * d$s * log(d$s)^2)
  spread <- v * exp(2 * y); k <- length(y); V <- diag(v, k)
  for (i in 1:k) for (j in 1:k) if (i < j && d$curve[i] == d$curve[j]) {
    # Rows stand in the order of time within a curve; adjacent times are never taken as closer than 0.99.
    steps <- pmin(sqrt(spread[i:(j - 1)] / spread[(i + 1):j]), .99)
    V[i, j] <- V[j, i] <- prod(steps) * sqrt(v[i] * v[j])
  }
  row <- seq_len(k)
  fit <- rma.mv(y, V, mods = ~ 0 + factor(d$time), random = list(~ 1 | curve, ~ 1 | row),
    data = data.frame(curve = d$curve, row = row), control = list(optimizer = "BFGS", reltol = 1e-13, maxit = 5000))
  list(curve = d$curve, time = d$time, y = y, v = v, V = V[lower.tri(V)], estimate = as.vector(fit$beta), se = fit$se,
    vb = fit$vb[lower.tri(fit$vb)], sigma2 = fit$sigma2, logLik = as.vector(logLik(fit)))
}
cat(toJSON(c(list(version = as.character(packageVersion("metafor"))), lapply(sets, answer)), digits = NA, auto_unbox = TRUE,
  pretty = TRUE), "\n")
