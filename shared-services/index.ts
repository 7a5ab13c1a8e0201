import { sharedServices } from "./program";

export = sharedServices;
