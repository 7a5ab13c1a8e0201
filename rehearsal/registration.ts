import { type Properties } from "../resources/resource";

/** What is asked of the monitor for one resource, from the program or from inside a remote component. */
export interface Registration {
  type: string;
  name: string;
  parent: string;
  custom: boolean;
  provider: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  inputs: Properties;
  /** Paths of inputs whose change replaces the resource. */
  replaceOnChanges?: string[];
  /** URNs of the resources with which this one is replaced. */
  replaceWith?: string[];
}
