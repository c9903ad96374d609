# Each target makes the environment first if it is missing or out of date.
.PHONY: demo test app bench lint docs calibrate sensitivity site

BIN := .venv/bin
READY := .venv/.ready

demo: $(READY)
	$(BIN)/chokepoint run huawei --members 256 --seed 1 --out out/demo --force
	$(BIN)/chokepoint compare out/demo
	$(BIN)/chokepoint report out/demo
	@echo "Report: out/demo/report.html    Figures: out/demo/figures    Scorecard: out/demo/scorecard.csv"

# Two processes share the tests; slow ones that share a run go to one of them.
test: $(READY)
	$(BIN)/pytest -n 2 -m "not slow"
	$(BIN)/pytest -n 2 --dist loadscope -m slow

app: $(READY)
	$(BIN)/chokepoint app

bench: $(READY)
	$(BIN)/python -m sim.runs.bench

# What can be known, then the posterior of the built-in case; goes on where it was stopped.
calibrate: $(READY)
	$(BIN)/chokepoint calibrate --identify --page docs/generated/identifiability.md
	$(BIN)/chokepoint calibrate --figures
	$(BIN)/chokepoint calibrate --shuffled-years --page docs/generated/shuffled-years.md

# Which inputs carry the spread of the built-in case; goes on where it was stopped.
sensitivity: $(READY)
	$(BIN)/chokepoint sensitivity huawei --points 1024 --factors 20 --out out/huawei-sensitivity
	$(BIN)/python docs/sensitivity.py

# Tables of docs/generated, from the code, the built-in case and runs of it.
docs: $(READY)
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/mechanisms.py
	$(BIN)/python docs/findings.py
	$(BIN)/python docs/validation.py
	$(BIN)/python docs/structure.py
	$(BIN)/python docs/readme.py

# The documentation as a site in site/, which needs no network; a broken link is an error.
site: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Site: site/index.html    With search: $(BIN)/python -m http.server --directory site"

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

$(READY): pyproject.toml constraints.txt scripts/make-environment
	@scripts/make-environment
	@touch $@
