import type { Sources } from "./data-source";
import { accountSources } from "./data-sources-account";
import { ec2Sources } from "./data-sources-ec2";
import { iamSources } from "./data-sources-iam";
import { otherSources } from "./data-sources-other";
import { tagSources } from "./data-sources-tags";
import { holdOpaque, opaqueText } from "./opaque";
import type { Properties } from "./properties";
import type { Place, World } from "./world";

const sources: Sources = { ...accountSources, ...ec2Sources, ...iamSources, ...otherSources, ...tagSources };

/** Answers a data source; an unknown one is refused by name, and what is asked about something opaque is opaque. */
export function invoke(world: World, name: string, args: Properties, place: Place): Properties {
  if (holdOpaque(args, (id) => world.isOpaqueId(id)))
    return { id: opaqueText(`${name} ${JSON.stringify(args)}`), ...args };
  const source = sources[name];
  if (source === undefined)
    throw new Error(
      `the data source ${name} is not simulated; simulated are ${Object.keys(sources).join(", ")}`,
    );
  return source(world, args, place);
}
