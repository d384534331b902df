"""Drawing: in goes a result, out comes a layout (pure), then a matplotlib `Figure`; `report` is next."""
