"""Recovery: reported outcomes in; points with a standard error, bounds or refusals out; next: `synthesis`."""
