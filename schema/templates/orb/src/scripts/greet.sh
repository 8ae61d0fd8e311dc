#!/bin/sh
# Greets whom GREET_TO names.
echo "Hello, ${GREET_TO:-world}!"
