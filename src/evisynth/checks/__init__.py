"""Looking twice: in go studies, out come findings with a code, a place and a fix; `database` is next."""
