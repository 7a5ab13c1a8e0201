import { Unknown, type Resource, type StackResources } from "../../resources/resource";
import { property, typeOf } from "./values";

/** A resource together with the stack whose file holds it. */
export interface Item {
  resource: Resource;
  stack: StackResources;
}

/** Resources by type, in an order that does not depend on the order of the input. */
export class Inventory {
  private readonly byType = new Map<string, Item[]>();
  private readonly urns = new Set<string>();
  /** Accounts of which a file is given. */
  readonly accounts = new Set<string>();
  readonly items: Item[] = [];

  constructor(stacks: StackResources[]) {
    const seen = new Set<string>();
    const all = stacks.flatMap((stack) => stack.resources.map((resource) => ({ resource, stack })));
    const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    // What a stack manages goes before what another stack only reads.
    all.sort(
      (a, b) =>
        Number(a.resource.external) - Number(b.resource.external) ||
        order(a.resource.urn, b.resource.urn) ||
        order(a.resource.id, b.resource.id),
    );
    for (const item of all) {
      const key = `${item.resource.urn} ${item.resource.id}`;
      if (seen.has(key)) continue;
      seen.add(key);
      this.urns.add(item.resource.urn);
      this.items.push(item);
      const type = typeOf(item.resource);
      const list = this.byType.get(type);
      if (list === undefined) this.byType.set(type, [item]);
      else list.push(item);
      if (item.resource.account !== undefined && !item.resource.external)
        this.accounts.add(item.resource.account);
    }
  }

  private readonly untoldKeys = new Map<string, boolean>();

  /** True when some resource of the type does not tell what it belongs to: then "there is none" is not evidence. */
  untold(type: string, key: string): boolean {
    const cacheKey = `${type} ${key}`;
    let answer = this.untoldKeys.get(cacheKey);
    if (answer === undefined) {
      answer = this.of(type).some(({ resource }) => property(resource, key) instanceof Unknown);
      this.untoldKeys.set(cacheKey, answer);
    }
    return answer;
  }

  /** All resources of the given types, the given type order first. */
  of(...types: string[]): Item[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /**
   * True when `user` was declared to depend on a resource of one of the types that no file holds any more: its own
   * file says that the thing it refers to has been removed.
   */
  removed(user: Resource | undefined, ...types: string[]): boolean {
    if (user === undefined) return false;
    const urns = [...user.dependencies, ...Object.values(user.propertyDependencies).flat()];
    return urns.some((urn) => {
      const type = urn.split("::")[2]?.split("$").pop() ?? "";
      return (
        types.includes(type.replace(/^aws:(alb|elasticloadbalancingv2)\//, "aws:lb/")) && !this.urns.has(urn)
      );
    });
  }
}
