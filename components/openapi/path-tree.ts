import type { PathPart } from "./path-template";

/** The tree of API Gateway resources that a set of paths makes. */
export interface PathTree {
  /** The paths in the order given, every variable under the one name that its place in the tree has. */
  paths: PathPart[][];
  /** Resources in the tree, the root included. */
  size: number;
  /** Places where a greedy and a plain variable would be siblings, which API Gateway refuses: path index of each. */
  mixed: { greedy: number; plain: number }[];
}

interface Node {
  children: Map<string, Node>;
  variable?: { node: Node; wanted: string; greedy: boolean; from: number };
}

/**
 * Gives all variables below one parent one name, as API Gateway demands ("only one unique variable path part is
 * allowed"). The first path that has a variable there names it, so sort the paths; a name that the path already has
 * further up gets a number.
 */
export function buildPathTree(paths: readonly (readonly PathPart[])[]): PathTree {
  const root: Node = { children: new Map() };
  const mixed: PathTree["mixed"] = [];
  let size = 1;
  for (const [index, path] of paths.entries()) {
    let node = root;
    for (const part of path) {
      if (part.kind === "text") {
        let child = node.children.get(part.text);
        if (child === undefined) {
          child = { children: new Map() };
          node.children.set(part.text, child);
          size += 1;
        }
        node = child;
        continue;
      }
      const greedy = part.kind === "greedy";
      if (node.variable === undefined) {
        node.variable = { node: { children: new Map() }, wanted: part.text, greedy, from: index };
        size += 1;
      } else if (node.variable.greedy !== greedy) {
        const other = node.variable.from;
        mixed.push(greedy ? { greedy: index, plain: other } : { greedy: other, plain: index });
      }
      node = node.variable.node;
    }
  }
  return { paths: paths.map((path) => nameVariables(root, path)), size, mixed };
}

function nameVariables(root: Node, path: readonly PathPart[]): PathPart[] {
  const taken = new Set<string>();
  let node: Node | undefined = root;
  return path.map((part) => {
    if (part.kind === "text") {
      node = node?.children.get(part.text);
      return part;
    }
    const wanted = node?.variable?.wanted ?? part.text;
    let name = wanted;
    for (let number = 2; taken.has(name); number += 1) name = `${wanted}${number}`;
    taken.add(name);
    node = node?.variable?.node;
    return { text: name, kind: part.kind };
  });
}
