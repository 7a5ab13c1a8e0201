import { singleOperator } from "./program";

export = singleOperator;
