import * as path from "node:path";

/** A Pulumi project of this repository that a landscape can have stacks of. */
export interface Project {
  name: "shared-services" | "provider-account" | "single-operator";
  /** What a stack of the project is in the landscape. */
  role: "gateway" | "provider" | "both";
  /** Folder of `Pulumi.yaml`, relative to the repository. */
  folder: string;
  /** Folder of the program's entry file, relative to the repository. */
  main: string;
}

/** Folder of the repository, or of the installed package. */
export const repositoryFolder = path.resolve(__dirname, "..");

/** The projects by name. */
export const projects: Record<string, Project> = {
  "shared-services": {
    name: "shared-services",
    role: "gateway",
    folder: "shared-services",
    main: "shared-services",
  },
  "provider-account": {
    name: "provider-account",
    role: "provider",
    folder: "provider-account",
    main: "provider-account",
  },
  "single-operator": { name: "single-operator", role: "both", folder: ".", main: "single-operator" },
};
