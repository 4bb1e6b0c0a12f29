import { configureGlobal } from "fast-check";

// The same draws each time, and no search for a smaller example: that a defect is caught is enough.
configureGlobal({ seed: 1, endOnFailure: true });
