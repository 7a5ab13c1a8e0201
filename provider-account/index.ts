import { providerAccount } from "./program";

export = providerAccount;
