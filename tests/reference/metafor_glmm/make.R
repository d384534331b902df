# Writes fits.json: the binomial-normal model by metafor 3.8-1 (rma.glmm, its defaults) and by lme4 (glmer, which
# metafor calls, with convergence thresholds as tight as they go). Rscript make.R; R 4.2.2, metadat 1.2-0.
suppressMessages({library(metafor); library(lme4)})
library(jsonlite)

sets <- list(
  few_events = data.frame(xi = c(0, 9, 3, 1, 2), ni = c(108, 546, 120, 45, 210)),
  wide_spread = data.frame(xi = c(14, 30, 2, 45, 9), ni = c(108, 150, 60, 120, 90)),
  pritz1997 = dat.pritz1997, debruin2009 = dat.debruin2009)
tight <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-13, optCtrl = list(rhoend = 1e-10, maxfun = 1e5))

fit <- function(data, nodes) {
  data$study <- factor(seq_len(nrow(data)))
  byDefault <- rma.glmm(measure = "PLO", xi = xi, ni = ni, data = data, nAGQ = nodes)
  m <- suppressMessages(glmer(cbind(xi, ni - xi) ~ 1 + (1 | study), data = data, family = binomial, nAGQ = nodes,
                              control = tight))
  list(nodes = nodes,
       metafor_default = list(estimate = unname(coef(byDefault)), se = byDefault$se, tau2 = byDefault$tau2),
       lrt = byDefault$QE.LRT, lrt_p = byDefault$QEp.LRT,
       lme4_tight = list(estimate = unname(fixef(m)), se = sqrt(vcov(m)[1, 1]),
                         tau2 = as.numeric(VarCorr(m)$study), logLik = as.numeric(logLik(m))))
}
out <- lapply(names(sets), function(name) list(
  dataset = name, events = sets[[name]]$xi, n = sets[[name]]$ni,
  fits = lapply(c(1, 7, 21), function(q) fit(sets[[name]][c("xi", "ni")], q))))
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = 1), "fits.json")
