import { testVerdicts } from "../../fuzz/ci.ts";

testVerdicts("namespace", "engine and oracle agree on all networkPolicies of a namespace together");
