import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { must, refuse, token } from "./behaviour";
import { isObject, number, object, objects, text } from "./properties";
import type { Held, World } from "./world";

const roleType = "aws:iam/role:Role";
const policyType = "aws:iam/policy:Policy";
const attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const inlineType = "aws:iam/rolePolicy:RolePolicy";
const profileType = "aws:iam/instanceProfile:InstanceProfile";

/** IAM's own identifiers: prefix and 17 capitals and digits. */
function uniqueId(s: Situation, prefix: string): string {
  return prefix + token(s.key, 17, "alphanumeric").toUpperCase();
}

function arn(s: Situation, kind: string, name: string): string {
  return `arn:${s.partition}:iam::${s.account}:${kind}${text(s.inputs.path) ?? "/"}${name}`;
}

function checkPolicyDocument(value: unknown, principal: boolean): void {
  let document: unknown = value;
  if (typeof value === "string") {
    try {
      document = JSON.parse(value);
    } catch {
      throw new AwsError("MalformedPolicyDocument", "This policy contains invalid Json");
    }
  }
  const statements = isObject(document) ? objects(document.Statement) : [];
  const complete = statements.every(
    (each) =>
      (each.Effect === "Allow" || each.Effect === "Deny") &&
      (each.Action ?? each.NotAction) !== undefined &&
      (principal
        ? (each.Principal ?? each.NotPrincipal) !== undefined
        : (each.Resource ?? each.NotResource) !== undefined),
  );
  refuse(
    statements.length === 0 || !complete,
    "MalformedPolicyDocument",
    `Syntax errors in policy: each statement needs Effect, Action and ${principal ? "Principal" : "Resource"}.`,
  );
}

/** The name of a role that is given by name, by ARN or as a resource. */
function roleName(value: unknown): string {
  const given = isObject(value) ? String(value.name ?? value.id) : String(value);
  return given.split("/").pop() ?? given;
}

function roleNamed(s: Situation, value: unknown): Held {
  const name = roleName(value);
  return must(
    s.world.findGlobal(s.account, name, roleType),
    "NoSuchEntity",
    `The role with name ${name} cannot be found.`,
  );
}

function checkName(s: Situation, type: string, maxLength: number): void {
  const name = s.physicalName();
  refuse(
    name.length > maxLength || !/^[\w+=,.@-]+$/.test(name),
    "ValidationError",
    `The specified value for name is invalid: '${name}'. At most ${maxLength} alphanumeric characters and +=,.@-_`,
  );
  const twin = s.world
    .all(type)
    .find((held) => held !== s.previous && held.account === s.account && held.outputs.name === name);
  refuse(twin !== undefined, "EntityAlreadyExists", `An entity with the name ${name} already exists.`);
}

function attachments(thing: Held, world: World, matches: (held: Held) => boolean): boolean {
  return world.all(attachmentType).some((held) => held.account === thing.account && matches(held));
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html; the provider detaches policies itself when told to. */
function checkDetached(role: Held, world: World): void {
  if (role.outputs.forceDetachPolicies === true) return;
  refuse(
    attachments(role, world, ({ outputs }) => roleName(outputs.role) === role.id),
    "DeleteConflict",
    "Cannot delete entity, must detach all policies first.",
  );
  refuse(
    world
      .all(inlineType)
      .some((held) => held.account === role.account && roleName(held.outputs.role) === role.id),
    "DeleteConflict",
    "Cannot delete entity, must delete policies first.",
  );
}

const time = "2026-01-01T00:00:00Z";

/** IAM roles, policies and instance profiles; whether a policy suffices is not simulated. */
export const iamBehaviours: Behaviours = {
  [roleType]: {
    required: ["assumeRolePolicy"],
    autoName: { property: "name", maxLength: 64 },
    replaceOn: ["name", "namePrefix", "path"],
    global: true,
    id: (s) => s.physicalName(),
    defaults: () => ({ path: "/", maxSessionDuration: 3600, forceDetachPolicies: false, description: "" }),
    computed: (s, id) => ({
      arn: arn(s, "role", id),
      uniqueId: uniqueId(s, "AROA"),
      createDate: time,
      tagsAll: object(s.inputs.tags),
      ...(isObject(s.inputs.assumeRolePolicy)
        ? { assumeRolePolicy: JSON.stringify(s.inputs.assumeRolePolicy) }
        : {}),
    }),
    check: (s) => {
      checkName(s, roleType, 64);
      checkPolicyDocument(s.inputs.assumeRolePolicy, true);
      const duration = number(s.inputs.maxSessionDuration);
      refuse(
        duration !== undefined && (duration < 3600 || duration > 43_200),
        "ValidationError",
        "maxSessionDuration is 3600 to 43200 seconds",
      );
    },
    removable: checkDetached,
    notFound: (id) => new AwsError("NoSuchEntity", `The role with name ${id} cannot be found.`),
  },
  [inlineType]: {
    required: ["policy", "role"],
    autoName: { property: "name", maxLength: 128 },
    replaceOn: ["name", "namePrefix", "role"],
    global: true,
    // A policy of the same name is written over: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
    identity: ({ outputs }) =>
      text(outputs.name) === undefined ? undefined : `${roleName(outputs.role)}:${String(outputs.name)}`,
    id: (s) => `${roleName(s.inputs.role)}:${s.physicalName()}`,
    check: (s) => {
      roleNamed(s, s.inputs.role);
      checkPolicyDocument(s.inputs.policy, false);
    },
  },
  [attachmentType]: {
    required: ["policyArn", "role"],
    replaceOn: ["policyArn", "role"],
    global: true,
    // Attaching what is attached has no effect: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
    identity: ({ outputs }) => `${roleName(outputs.role)} ${String(outputs.policyArn)}`,
    id: (s) => `${roleName(s.inputs.role)}-${s.token(26, "digits")}`,
    check: (s) => {
      roleNamed(s, s.inputs.role);
      const policy = String(s.inputs.policyArn);
      const managed = /^arn:[^:]+:iam::aws:policy\//.test(policy);
      refuse(
        !managed && s.world.findGlobal(s.account, policy, policyType) === undefined,
        "NoSuchEntity",
        `Policy ${policy} does not exist or is not attachable.`,
      );
    },
  },
  [policyType]: {
    required: ["policy"],
    autoName: { property: "name", maxLength: 128 },
    replaceOn: ["name", "namePrefix", "path", "description"],
    global: true,
    id: (s) => arn(s, "policy", s.physicalName()),
    defaults: () => ({ path: "/" }),
    computed: (s, id) => ({
      arn: id,
      policyId: uniqueId(s, "ANPA"),
      attachmentCount: 0,
      tagsAll: object(s.inputs.tags),
      ...(isObject(s.inputs.policy) ? { policy: JSON.stringify(s.inputs.policy) } : {}),
    }),
    check: (s) => {
      checkName(s, policyType, 128);
      checkPolicyDocument(s.inputs.policy, false);
    },
    removable: (policy, world) => {
      const used = attachments(policy, world, ({ outputs }) => outputs.policyArn === policy.id);
      refuse(used, "DeleteConflict", "Cannot delete a policy attached to entities.");
    },
    notFound: (id) => new AwsError("NoSuchEntity", `Policy ${id} was not found.`),
  },
  [profileType]: {
    autoName: { property: "name", maxLength: 128 },
    replaceOn: ["name", "namePrefix", "path"],
    global: true,
    id: (s) => s.physicalName(),
    defaults: () => ({ path: "/" }),
    computed: (s, id) => ({
      arn: arn(s, "instance-profile", id),
      uniqueId: uniqueId(s, "AIPA"),
      createDate: time,
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      checkName(s, profileType, 128);
      if (s.inputs.role !== undefined) roleNamed(s, s.inputs.role);
    },
    notFound: (id) => new AwsError("NoSuchEntity", `Instance Profile ${id} cannot be found.`),
  },
};
