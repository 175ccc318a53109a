#!/bin/sh
# From what the field reported to a switching plan, on the command line alone: where is the
# fault, what opens, what closes, who comes back?
set -eu
cd "$(dirname "$0")/../.."
node_modules/.bin/relight plan demo-town --evidence examples/evidence-to-plan/evidence.json "$@"
