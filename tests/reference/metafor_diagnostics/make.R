# Recomputes the figures of published.json, and more of the same kind, and writes recomputed.json.
#
#   Rscript make.R        (R 4.2.2, metafor 3.8-1, metadat 1.2-0, clubSandwich, jsonlite; a minute)
#
# metafor stops iterating when tau^2 moves by less than an absolute amount, whatever the unit of the data. So each
# set is fitted in a unit in which its mean sampling variance is 100, with a threshold of 1e-10 there, and the answers
# are taken back.

suppressPackageStartupMessages({
  library(metafor)
  library(jsonlite)
})

tight <- list(threshold = 1e-10, maxiter = 100000, tol = 1e-12)
published <- fromJSON("published.json", simplifyVector = TRUE, simplifyDataFrame = FALSE)
fit <- function(yi, vi, ...) suppressWarnings(rma(yi, vi, control = tight, ...))

line_limit <- function(yi, vi, x) {
  s <- summary(lm(yi ~ x, weights = 1 / vi))$coefficients
  list(estimate = s[1, 1], se = s[1, 2], pval = s[1, 4])
}

# metafor's trimfill says how many rows lack on which side; they are trimmed, mirrored and pooled again here.
filled <- function(yi, vi, estimator) {
  unit <- sqrt(100 / mean(vi))
  said <- trimfill(fit(yi * unit, vi * unit^2), estimator = estimator, maxiter = 1000)
  sign <- if (said$side == "right") -1 else 1
  y <- sort(sign * yi * unit)
  v <- (vi * unit^2)[order(sign * yi)]
  extreme <- seq_along(y) > length(y) - said$k0
  centre <- as.numeric(fit(y[!extreme], v[!extreme])$b)
  again <- fit(sign * c(y, 2 * centre - y[extreme]), c(v, v[extreme]))
  list(k0 = said$k0, se_k0 = said$se.k0, side = said$side, p_k0 = if (estimator == "R0") said$p.k0 else NULL,
       estimate = as.numeric(again$b) / unit, se = again$se / unit)
}

egger <- function(yi, vi, method, test) {
  unit <- sqrt(100 / mean(vi))
  r <- regtest(fit(yi * unit, vi * unit^2, method = method, test = test), predictor = "sei")
  list(stat = r$zval, pval = r$pval, limit = r$est / unit, limit_lb = r$ci.lb / unit, limit_ub = r$ci.ub / unit)
}

diagnose <- function(entry) {
  yi <- entry$yi
  vi <- entry$vi
  unit <- sqrt(100 / mean(vi))
  x <- fit(yi * unit, vi * unit^2)
  common <- fit(yi * unit, vi * unit^2, method = "FE")
  deleted <- influence(x)$inf
  rank <- suppressWarnings(ranktest(x))
  classic <- regtest(x, model = "lm", predictor = "sei")
  b_common <- baujat(common, progbar = FALSE)
  b_reml <- baujat(x, progbar = FALSE)
  list(
    dataset = entry$dataset, measure = entry$measure,
    egger_rma = egger(yi, vi, "REML", "z"), egger_rma_knha = egger(yi, vi, "DL", "knha"),
    egger_lm = list(stat = classic$zval, pval = classic$pval, limit = classic$est / unit,
                    limit_lb = classic$ci.lb / unit, limit_ub = classic$ci.ub / unit),
    begg_tau = as.numeric(rank$tau), begg_p = rank$pval,
    pet = line_limit(yi, vi, sqrt(vi)), peese = line_limit(yi, vi, vi),
    trimfill_L0 = filled(yi, vi, "L0"), trimfill_R0 = filled(yi, vi, "R0"),
    fsn = as.numeric(suppressWarnings(fsn(yi, vi))$fsnum), fsn_p = as.numeric(suppressWarnings(fsn(yi, vi))$pval),
    rstudent = deleted$rstudent, dffits = deleted$dffits,
    dfbetas = as.numeric(influence(x)$dfbs[[1]]), influential = as.logical(influence(x)$is.infl), cook = deleted$cook.d, cov_r = deleted$cov.r,
    tau2_del = deleted$tau2.del / unit^2, QE_del = deleted$QE.del, hat = deleted$hat,
    leave1out_estimate = leave1out(x)$estimate / unit, leave1out_se = leave1out(x)$se / unit,
    cumul_estimate = cumul(x)$estimate / unit, cumul_se = cumul(x)$se / unit,
    baujat_common_x = b_common$x, baujat_common_y = b_common$y, baujat_reml_x = b_reml$x, baujat_reml_y = b_reml$y
  )
}

regression_figures <- function(yi, vi, mods, method, test, newmods) {
  unit <- sqrt(100 / mean(vi))
  x <- fit(yi * unit, vi * unit^2, mods = mods, method = method, test = test, data = dat.bcg)
  p <- if (is.null(newmods)) NULL else predict(x, newmods = newmods)
  list(
    method = method, test = test, beta = as.numeric(x$b) / unit, se = x$se / unit, ci_lb = x$ci.lb / unit,
    ci_ub = x$ci.ub / unit, pval = x$pval, tau2 = x$tau2 / unit^2, I2 = x$I2, H2 = x$H2, R2 = x$R2, QM = x$QM,
    QMp = x$QMp, QE = x$QE, QEp = x$QEp, pred = p$pred / unit, pred_se = p$se / unit, pred_ci_lb = p$ci.lb / unit,
    pred_ci_ub = p$ci.ub / unit, pred_pi_lb = p$pi.lb / unit, pred_pi_ub = p$pi.ub / unit
  )
}

regressions <- function() {
  d <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
  methods <- c("FE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM")
  models <- list(
    numbers = list(mods = ~ablat + year, new = rbind(c(20, 1950), c(40, 1970))),
    categories = list(mods = ~alloc, new = rbind(c(0, 0), c(1, 0), c(0, 1))),
    mixed = list(mods = ~ablat + alloc, new = rbind(c(30, 0, 1))),
    no_intercept = list(mods = ~ alloc - 1, new = NULL)
  )
  out <- list()
  for (name in names(models)) {
    for (method in methods) {
      for (test in c("z", "t", "knha", "adhoc")) {
        m <- models[[name]]
        f <- regression_figures(as.numeric(d$yi), as.numeric(d$vi), m$mods, method, test, m$new)
        out[[length(out) + 1]] <- c(list(model = name), f)
      }
    }
  }
  list(yi = as.numeric(d$yi), vi = as.numeric(d$vi), ablat = d$ablat, year = d$year, alloc = d$alloc, fits = out)
}

subgroups <- function() {
  d <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
  unit <- sqrt(100 / mean(d$vi))
  yi <- as.numeric(d$yi) * unit
  vi <- as.numeric(d$vi) * unit^2
  parts <- lapply(unique(d$alloc), function(a) fit(yi[d$alloc == a], vi[d$alloc == a]))
  between <- rma(sapply(parts, coef), sapply(parts, function(p) p$se^2), method = "FE")
  common <- lapply(c(z = "z", knha = "knha", adhoc = "adhoc"), function(test) {
    member <- outer(d$alloc, unique(d$alloc), "==") + 0
    groups <- fit(yi, vi, mods = member, intercept = FALSE, test = test)
    contrast <- fit(yi, vi, mods = member[, -1], test = test)
    list(estimate = as.numeric(groups$b) / unit, se = groups$se / unit, ci_lb = groups$ci.lb / unit,
         ci_ub = groups$ci.ub / unit, pval = groups$pval, tau2 = groups$tau2 / unit^2, Q = contrast$QM,
         p = contrast$QMp)
  })
  list(groups = unique(d$alloc), separate = list(
    estimate = sapply(parts, coef) / unit, se = sapply(parts, function(p) p$se) / unit,
    tau2 = sapply(parts, function(p) p$tau2) / unit^2, Q = between$QE, p = between$QEp), common = common)
}

# Satterthwaite figures of clubSandwich, CR1 of metafor itself.
robust_figures <- function(x, cluster) {
  cr1 <- do.call(robust, list(x, cluster = cluster))
  cr2 <- do.call(robust, list(x, cluster = cluster, clubSandwich = TRUE))
  list(cr1_se = cr1$se, cr1_p = cr1$pval, cr1_df = cr1$dfs, cr2_se = cr2$se, cr2_df = cr2$dfs, cr2_p = cr2$pval,
       cr2_lb = cr2$ci.lb, cr2_ub = cr2$ci.ub)
}

multilevel <- function() {
  d <- dat.konstantopoulos2011
  ctrl <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 10000)
  x <- rma.mv(yi, vi, random = ~ 1 | district / school, data = d, control = ctrl)
  V <- vcalc(vi, cluster = district, obs = school, rho = 0.6, data = d)
  overlap <- rma.mv(yi, V, random = ~ 1 | district / school, data = d, control = ctrl)
  study <- fit(d$yi, d$vi)
  moderated <- rma(yi, vi, mods = ~ year, data = d, control = tight)
  y5 <- c(-0.40, -0.25, -0.10, -0.55, -0.30)
  s5 <- c(0.20, 0.28, 0.25, 0.35, 0.22)
  set <- c(1, 1, 2, 3, 4)
  V5 <- vcalc(s5^2, cluster = set, obs = 1:5, rho = 0.6914)
  g <- rma.mv(y5, V5)
  one <- function(m) list(estimate = as.numeric(m$b), se = m$se, sigma2 = m$sigma2, logLik = as.numeric(logLik(m)),
                          QE = m$QE, ci_lb = m$ci.lb, ci_ub = m$ci.ub, pval = m$pval)
  list(
    year = d$year,
    plain = c(one(x), robust_figures(x, d$district)),
    overlap = c(one(overlap), robust_figures(overlap, d$district)),
    two_level = c(list(estimate = as.numeric(study$b)), robust_figures(study, d$district)),
    moderated = c(list(beta = as.numeric(moderated$b)), robust_figures(moderated, d$district)),
    gls = c(one(g), robust_figures(g, set))
  )
}

gosh_figures <- function() {
  entry <- Filter(function(e) e$dataset == "hart1999" && e$measure == "IRR", published$diagnostics)[[1]]
  lapply(c(FE = "FE", DL = "DL"), function(m) {
    g <- gosh(rma(entry$yi, entry$vi, method = m), progbar = FALSE)
    keep <- rowSums(g$incl) >= 2
    # the binary number whose digits say which rows are in, the first row last
    code <- as.vector(g$incl[keep, ] %*% 2^(0:5))
    list(code = sort(code), estimate = g$res$estimate[keep][order(code)], I2 = g$res$I2[keep][order(code)],
         tau2 = g$res$tau2[keep][order(code)])
  })
}

pdf(NULL)
out <- list(
  diagnostics = lapply(published$diagnostics, diagnose), regressions = regressions(), subgroups = subgroups(),
  multilevel = multilevel(), gosh = gosh_figures()
)
text <- toJSON(out, digits = NA, auto_unbox = TRUE, null = "null", na = "null")
# one case a line
writeLines(gsub('},{"dataset', '},\n{"dataset', gsub('},{"model', '},\n{"model', text, fixed = TRUE), fixed = TRUE),
           "recomputed.json")
