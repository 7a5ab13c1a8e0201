import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import { type Properties } from "../resources/resource";
import { plainObject } from "./wire-values";

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

/** What a program declares. */
export function declaredBy(request: resourceProto.RegisterResourceRequest): Registration {
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((deps: { getUrnsList(): string[] }, key: string) => {
    propertyDependencies[key] = deps.getUrnsList();
  });
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    propertyDependencies,
    inputs: plainObject(request.getObject()),
    replaceOnChanges: request.getReplaceonchangesList(),
    replaceWith: request.getReplaceWithList(),
  };
}

/** What a program reads with `.get()`. */
export function readBy(request: resourceProto.ReadResourceRequest): Registration {
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: true,
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    propertyDependencies: {},
    inputs: plainObject(request.getProperties()),
  };
}
