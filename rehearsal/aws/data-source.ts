import { AwsError } from "./aws-error";
import { behaviours } from "./behaviours";
import { sharedTypes } from "./holding";
import type { Properties } from "./properties";
import { object, objects, text, texts } from "./properties";
import type { Held, Place, World } from "./world";

/** What answers a data source. */
export type Source = (world: World, args: Properties, place: Place) => Properties;

/** A table from data source token to what answers it. */
export type Sources = Record<string, Source>;

/** Fields of a resource that filters name, by the filter's name. */
const filterFields: Record<string, string> = {
  "vpc-id": "vpcId",
  cidr: "cidrBlock",
  "cidr-block": "cidrBlock",
  "availability-zone": "availabilityZone",
  "group-name": "name",
};

function matches(held: Held, filters: readonly Properties[], tags: Properties): boolean {
  const own = object(held.outputs.tags);
  const tagged = Object.entries(tags).every(([key, value]) => own[key] === value);
  return (
    tagged &&
    filters.every((filter) => {
      const name = String(filter.name);
      const value = name.startsWith("tag:") ? own[name.slice(4)] : held.outputs[filterFields[name] ?? name];
      return texts(filter.values).includes(String(value));
    })
  );
}

function shown(held: Held, world: World): Properties {
  return { ...held.outputs, ...behaviours[held.type]?.refresh?.(held, world), id: held.id };
}

/** A data source that finds one resource by id, by other properties, by filters or by tags. */
export function one(type: string, idNames: readonly string[], propertyNames: readonly string[] = []): Source {
  return (world, args, place) => {
    const id = idNames.map((name) => text(args[name])).find((value) => value !== undefined);
    const found = world
      .at(place, ...sharedTypes(type))
      .filter(
        (held) =>
          (id === undefined || held.id === id) &&
          propertyNames.every((name) => args[name] === undefined || held.outputs[name] === args[name]) &&
          matches(held, objects(args.filters), object(args.tags)),
      );
    const ids = new Set(found.map((held) => held.id));
    if (found[0] === undefined)
      throw behaviours[type]?.notFound?.(id ?? "") ?? new AwsError("NotFound", `no matching ${type} found`);
    if (ids.size > 1)
      throw new AwsError("TooManyResults", `multiple ${type} matched; use additional constraints`);
    const asked = Object.fromEntries(idNames.map((name) => [name, found[0]?.id]));
    return { ...shown(found[0], world), ...asked };
  };
}

/** A data source that finds the ids of all resources that filters and tags match. */
export function many(type: string): Source {
  return (world, args, place) => ({
    id: place.region,
    ids: world
      .at(place, ...sharedTypes(type))
      .filter((held) => matches(held, objects(args.filters), object(args.tags)))
      .map((held) => held.id),
  });
}
