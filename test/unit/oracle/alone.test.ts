import { testVerdicts } from "../../fuzz/ci.ts";

testVerdicts("alone", "engine and oracle agree on every verdict and finding of one networkPolicy");
