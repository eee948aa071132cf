# The ways in. Each does all that it needs, on a fresh machine too; the work is in scripts/.

.DEFAULT_GOAL := help
.PHONY: help demo test bench sbom assets guide-pictures fmt clean-data

help: ## What there is
	@echo "Commonweal: engage, inform and serve the public."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Build, load the sample data, print address and sign-in, serve
	@scripts/demo.sh

test: ## All checks
	@scripts/test.sh

bench: ## Take the measurements of docs/benchmarks.md
	@scripts/bench.sh

sbom: ## Write what the program is made of, as CycloneDX
	@scripts/sbom.sh

assets: ## Build stylesheet and script of the console, when stale
	@scripts/assets.sh

guide-pictures: ## Take the pictures of docs/guide anew
	@scripts/assets.sh --with-packages && cargo build --locked -p commonweal && GUIDE_PICTURES=1 node frontend/tests/run.mjs guide

fmt: ## Format the Rust code
	@cargo fmt --all

clean-data: ## Remove the data folder of the demo
	@rm -rf -- data
	@echo "Removed data/."
