#!/usr/bin/env node
// The binary: runs the command line and ends the process with its exit code.
import { main } from './client/main.js';

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// Something may hold the process open still, a socket or a timer of a library: the command is done all the same.
process.exit(await main(process.argv.slice(2)));
