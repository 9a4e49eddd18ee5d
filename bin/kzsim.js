#!/usr/bin/env node
import '../dist/kzsim.js';
