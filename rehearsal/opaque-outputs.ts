import type * as pulumi from "@pulumi/pulumi";
import { type Properties, type Resource } from "../resources/resource";
import { isOpaque, opaqueText } from "./aws/opaque";

/**
 * What a program is told of a resource or component of which nothing is known: the properties that it was given, and in
 * place of every other one a text that simulated AWS recognises wherever it comes up again.
 */
export class OpaqueOutputs {
  /** Property names by type, as the SDK's classes declare them. */
  private readonly names = new Map<string, string[]>();

  /** Takes note of the property names of what the program declares: nobody else tells which outputs a type has. */
  readonly observe: pulumi.ResourceTransformation = ({ type, props }) => {
    this.names.set(type, Object.keys(props));
    return undefined;
  };

  /** The outputs of a resource as its program sees them; those of a resource that is known are as they are. */
  shown({ urn, type, id, outputs }: Pick<Resource, "urn" | "type" | "id" | "outputs">): Properties {
    if (!isOpaque(id)) return outputs;
    const told = this.of(urn, type);
    // What has an ARN is often named by it, and must be found by that name as it is by its id.
    return { ...told, ...(told.arn === undefined ? {} : { arn: id }), ...outputs };
  }

  /** A text for every property that a type declares. */
  of(urn: string, type: string): Properties {
    const names = (this.names.get(type) ?? []).filter((name) => name !== "id" && name !== "urn");
    return Object.fromEntries(names.map((name) => [name, opaqueText(`${urn}#${name}`)]));
  }
}
