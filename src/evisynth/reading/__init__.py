"""A YAML file: its text, its located nodes, and the models that say what each key may hold."""
