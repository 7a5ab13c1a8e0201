/**
 * The tag that names the stack to which a resource belongs. With it somebody can find, by asking AWS, what a stack has
 * made and its state does not know. Changing the key would disown everything that is deployed.
 */
export const stackTag = "central-private-gateway:stack";

/** The tag that AWS's console shows as a resource's name: among the resources of one type and stack, each has another. */
export const nameTag = "Name";

/**
 * The value of {@link stackTag}. The project stands in front because stacks of different projects share names (`dev`),
 * and the organization is left out because a stack keeps what it owns when its backend moves. Whatever Pulumi allows as
 * names of projects and stacks, AWS allows in a tag.
 */
export function stackTagValue(project: string, stack: string): string {
  return `${project}/${stack}`;
}
