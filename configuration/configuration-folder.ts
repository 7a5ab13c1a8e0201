import { existsSync } from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { configurationFolderVariable } from "./documents";

/**
 * The folder that relative file names in the stack's configuration start from: what the environment names, else the
 * folder of `Pulumi.yaml`, where the stack configuration file lies unless `--config-file` says otherwise.
 */
export function configurationFolder(): string {
  const named = process.env[configurationFolderVariable];
  if (named !== undefined && named !== "") return path.resolve(named);
  const root = pulumi.getRootDirectory();
  return path.resolve(existsSync(root) ? root : ".");
}
