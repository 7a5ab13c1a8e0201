import { AwsError } from "./aws-error";
import { token } from "./behaviour";
import type { Sources } from "./data-source";
import type { Properties } from "./properties";
import { object, objects, text, texts } from "./properties";
import type { Place, World } from "./world";

function role(world: World, args: Properties, place: Place): Properties {
  const held = world.findGlobal(place.account, String(args.name), "aws:iam/role:Role");
  if (held === undefined)
    throw new AwsError("NoSuchEntity", `The role with name ${String(args.name)} cannot be found.`);
  return { ...held.outputs, id: held.id };
}

/** Roles by path and name; their tags are told by `getRole`. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
function roles(world: World, args: Properties, place: Place): Properties {
  const pattern = regularExpression(text(args.nameRegex) ?? "");
  const prefix = text(args.pathPrefix) ?? "/";
  const found = world
    .all("aws:iam/role:Role")
    .filter((held) => held.account === place.account && (text(held.outputs.path) ?? "/").startsWith(prefix))
    .filter((held) => pattern.test(held.id));
  return {
    ...args,
    id: place.region,
    names: found.map((held) => held.id),
    arns: found.map((held) => held.outputs.arn),
  };
}

function regularExpression(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw new AwsError("ValidationError", `"nameRegex": ${source} is no regular expression`);
  }
}

const lists: Record<string, string> = {
  actions: "Action",
  notActions: "NotAction",
  resources: "Resource",
  notResources: "NotResource",
};

/** Lists of one are single values and lists are sorted, as the provider writes them. */
function policyValue(value: unknown): unknown {
  const items = texts(value);
  return items.length === 1 ? items[0] : [...items].sort().reverse();
}

function principals(value: unknown): unknown {
  const all = objects(value);
  if (all.some((each) => each.type === "*" && texts(each.identifiers).includes("*"))) return "*";
  return Object.fromEntries(all.map((each) => [String(each.type), policyValue(each.identifiers)]));
}

function conditions(value: unknown): Properties {
  const result: Record<string, Properties> = {};
  for (const each of objects(value))
    result[String(each.test)] = {
      ...result[String(each.test)],
      [String(each.variable)]: policyValue(each.values),
    };
  return result;
}

function policyDocument(_world: World, args: Properties): Properties {
  const statements = objects(args.statements).map((each) => ({
    ...(text(each.sid) === undefined ? {} : { Sid: each.sid }),
    Effect: text(each.effect) ?? "Allow",
    ...Object.fromEntries(
      Object.entries(lists).flatMap(([from, to]) =>
        texts(each[from]).length === 0 ? [] : [[to, policyValue(each[from])]],
      ),
    ),
    ...(objects(each.principals).length === 0 ? {} : { Principal: principals(each.principals) }),
    ...(objects(each.notPrincipals).length === 0 ? {} : { NotPrincipal: principals(each.notPrincipals) }),
    ...(objects(each.conditions).length === 0 ? {} : { Condition: conditions(each.conditions) }),
  }));
  const merged = [...texts(args.sourcePolicyDocuments), ...texts(args.overridePolicyDocuments)].flatMap(
    (json) => objects(object(JSON.parse(json)).Statement),
  );
  const policyId = text(args.policyId) === undefined ? {} : { Id: args.policyId };
  const document = {
    Version: text(args.version) ?? "2012-10-17",
    ...policyId,
    Statement: [...merged, ...statements],
  };
  const json = JSON.stringify(document, null, 2);
  return {
    id: token(json, 10, "digits"),
    json,
    minifiedJson: JSON.stringify(document),
    version: document.Version,
  };
}

/** Data sources of IAM. */
export const iamSources: Sources = {
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
  "aws:iam/getRole:getRole": role,
  "aws:iam/getRoles:getRoles": roles,
};
