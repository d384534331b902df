# Refits the answers of this folder with metafor and sets the two beside each other.
#
#   Rscript metafor.R        in a terminal
#   source("metafor.R")      in R, with this folder as the working directory
#
# It needs R and its package metafor, reads answers.csv and questions/, and writes nothing. Every block below
# stands for one estimate: take it as it is and go on from there.

if (!requireNamespace("metafor", quietly = TRUE)) {
  stop("the package metafor is needed; type: install.packages(\"metafor\")")
}
suppressPackageStartupMessages(library(metafor))

# Relative to the number itself, or to the standard error (its square for a variance) where that is larger.
# The files hold every digit, so that only the search for tau squared can tell the two programs apart: both
# stop it when a step no longer counts, and the settings below leave ten digits right, seven of rma.mv().
# A millionth is more than that, and far below anything that is printed.
tolerance <- 1e-6

# How far metafor searches tau squared; with its own settings four or five digits are right.
stepwise <- list(threshold = 1e-12, maxiter = 10000)
root <- list(tol = 1e-13, maxiter = 10000)

# Overlapping sets with rows in them; V holds the covariances of the sampling errors. The likelihood can have
# two peaks, one with no variance between sets or within them, and one way of searching may stop short of either
# or find none: of several the fit of the highest likelihood is taken.
fit_by_sets <- function(rows, V, level) {
  simplex <- list(optimizer = "optim", optmethod = "Nelder-Mead", reltol = 1e-15, maxit = 5000)
  spread <- var(rows$yi)
  starts <- list(c(spread, spread), c(spread, spread / 1000), c(spread / 1000, spread))
  searches <- c(list(list(), simplex), lapply(starts, function(start) c(simplex, list(sigma2.init = start))))
  fits <- lapply(searches, function(search) tryCatch(
    rma.mv(yi, V, random = ~ 1 | set/row, data = rows, slab = slab, level = level, control = search),
    error = function(e) NULL
  ))
  fits <- Filter(Negate(is.null), fits)
  if (length(fits) == 0) stop("rma.mv() finds no fit")
  fits[[which.max(vapply(fits, logLik, numeric(1)))]]
}

# The same for the binomial-normal model, which metafor fits by the package lme4.
by_lme4 <- list(glmerCtrl = list(optimizer = "bobyqa", tolPwrss = 1e-13,
                                 optCtrl = list(rhoend = 1e-10, maxfun = 1e5)))

folder <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
  if (length(file) == 1) dirname(gsub("~+~", " ", file, fixed = TRUE)) else "."
})

# Ids may look like numbers, and a group may be called NA: only an empty field is missing.
read_table <- function(..., words = character()) {
  read.csv(file.path(folder, ...), na.strings = "", encoding = "UTF-8", check.names = FALSE,
           colClasses = setNames(rep("character", length(words)), words))
}

answers <- read_table("answers.csv", words = "question")

# The rows that one estimate of a question is made of.
read_rows <- function(question, block) {
  rows <- read_table("questions", question, "rows.csv", words = c("study", "comparison", "slab"))
  rows[rows$included & rows$block == block, ]
}

# Covariances of the sampling errors: not zero where rows share patients.
covariance_of <- function(question, rows) {
  V <- diag(rows$vi, nrow(rows))
  pairs <- read_table("questions", question, "covariances.csv")
  one <- match(pairs$row_1, rows$row)
  other <- match(pairs$row_2, rows$row)
  here <- !is.na(one) & !is.na(other)
  V[cbind(one, other)[here, , drop = FALSE]] <- pairs$covariance[here]
  V[cbind(other, one)[here, , drop = FALSE]] <- pairs$covariance[here]
  V
}

# Rows of one set become one row, by generalised least squares.
put_together <- function(rows, V) {
  sets <- split(seq_len(nrow(rows)), rows$set)
  do.call(rbind, lapply(sets, function(at) {
    W <- solve(V[at, at, drop = FALSE])
    data.frame(slab = paste(rows$slab[at], collapse = " and "),
               yi = sum(W %*% rows$yi[at]) / sum(W), vi = 1 / sum(W))
  }))
}

found <- list()

# An estimate of which metafor has no like.
left_out <- function(question, block, reason) cat(question, ", ", block, " is not refitted: ", reason, ".\n", sep = "")

# Sets an estimate of ours beside what was fitted; `theirs` has names of columns of answers.csv.
compare <- function(question, block, theirs) {
  ours <- answers[answers$question == question & answers$block == block, ]
  if (length(theirs) == 0) return(invisible())
  theirs <- theirs[!is.na(unlist(ours[names(theirs)]))]
  values <- unlist(ours[names(theirs)])
  se <- ours$standard_error
  unit <- ifelse(names(theirs) == "tau_squared", se^2, ifelse(names(theirs) == "q_statistic", 1, se))
  found[[length(found) + 1]] <<- data.frame(
    question = question, block = block, value = names(theirs), ours = values, metafor = unname(theirs),
    difference = abs(unname(theirs) - values) / pmax(abs(values), unit), row.names = NULL
  )
}

# A fit of the binomial-normal model; none without lme4. R works `fit` out only where it is asked for.
counted_fit <- function(question, block, fit) {
  if (!suppressMessages(requireNamespace("lme4", quietly = TRUE))) {
    left_out(question, block, "the package lme4 is not installed")
    return(NULL)
  }
  suppressWarnings(suppressMessages(fit))
}

# What compare() looks at, of a fit of rma.mh(), rma.peto() or rma.glmm(). Q of Mantel and Haenszel is not among it:
# metafor adds half a patient for it where a cell is empty.
counted_values_of <- function(fit) {
  if (is.null(fit)) return(c(estimate = NA)[0])
  values <- c(estimate = fit$beta[[1]], standard_error = fit$se, ci_lower = fit$ci.lb, ci_upper = fit$ci.ub)
  if (inherits(fit, "rma.peto")) values <- c(values, q_statistic = fit$QE)
  if (!inherits(fit, "rma.glmm")) return(values)
  c(values, tau_squared = fit$tau2, q_statistic = fit$QE.LRT)
}

# What compare() looks at, of a fit of rma().
values_of <- function(fit) {
  beyond <- predict(fit)
  c(estimate = fit$beta[[1]], standard_error = fit$se, ci_lower = fit$ci.lb, ci_upper = fit$ci.ub,
    tau_squared = fit$tau2, q_statistic = fit$QE,
    prediction_lower = if (is.null(beyond$pi.lb)) NA else beyond$pi.lb,
    prediction_upper = if (is.null(beyond$pi.ub)) NA else beyond$pi.ub)
}

# The same of a fit of rma.mv() by overlapping sets. Standard errors that hold whatever rows share (CR2, degrees
# of freedom by Satterthwaite) come from the package clubSandwich; without it only the rest is compared.
robust_values_of <- function(fit, set) {
  values <- c(estimate = fit$beta[[1]], tau_squared = sum(fit$sigma2), q_statistic = fit$QE)
  if (!suppressMessages(requireNamespace("clubSandwich", quietly = TRUE))) {
    message("clubSandwich is not installed: standard errors of overlapping studies are not compared")
    return(values)
  }
  by_set <- robust(fit, cluster = set, clubSandwich = TRUE)
  c(values, standard_error = by_set$se, ci_lower = by_set$ci.lb, ci_upper = by_set$ci.ub)
}

#### the estimates ####

if (length(found) > 0) {
  found <- do.call(rbind, found)
  shown <- found
  shown[c("ours", "metafor")] <- lapply(found[c("ours", "metafor")], formatC, digits = 10, format = "g")
  shown$difference <- formatC(found$difference, digits = 1, format = "e")
  wide <- options(width = 200)
  cat("\n")
  print(shown, row.names = FALSE)
  options(wide)
  apart <- is.na(found$difference) | found$difference > tolerance
  if (any(apart)) {
    stop(sum(apart), " of ", nrow(found), " values differ by more than ", tolerance, ": ",
         paste(unique(found$question[apart]), collapse = ", "))
  }
  cat("\n", nrow(found), " values agree; the largest relative difference is ",
      formatC(max(found$difference), digits = 1, format = "e"), ".\n", sep = "")
} else {
  cat("No question of this folder has an estimate that metafor can refit.\n")
}
