import * as pulumi from "@pulumi/pulumi";

/**
 * The details of one output of another stack. The reference fails when the stack was never created, and nothing can
 * catch that: name a stack in the configuration only once it exists.
 */
export async function readOutput(stack: string, output: string): Promise<pulumi.StackReferenceOutputDetails> {
  return new pulumi.StackReference(stack).getOutputDetails(output);
}

/**
 * One output of this stack as its last deployment left it, so that a stack knows what it was connected to: a peer that
 * was destroyed looks the same as one that never existed.
 */
export async function readOwnOutput(output: string): Promise<pulumi.StackReferenceOutputDetails> {
  return readOutput(`${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`, output);
}
