import { connect } from "../../api";
import { optional } from "../resource";

/** Identity of a user as a form holds it: nothing is an empty text. */
export interface Contact {
  FirstName: string;
  LastName: string;
  Email: string;
  SecondaryEmail: string;
  Mobile: string;
}

type Identity = Partial<Record<keyof Contact, string>>;

export const CONTACT: (keyof Contact)[] = ["FirstName", "LastName", "Email", "SecondaryEmail", "Mobile"];

export function contactOf(identity: Identity | undefined): Contact {
  return Object.fromEntries(CONTACT.map((name) => [name, identity?.[name] ?? ""])) as unknown as Contact;
}

/** The identity as the service takes it: what is empty is left out. */
export function identityOf(contact: Contact): Identity {
  return Object.fromEntries(CONTACT.map((name) => [name, optional(contact[name].trim())])) as Identity;
}

export async function saveContact(instanceId: string, id: string, contact: Contact): Promise<void> {
  await connect("UpdateUserIdentityInfo", { InstanceId: instanceId, UserId: id, IdentityInfo: identityOf(contact) });
}

const EMAIL = /^[\w.%+-]+@[\w.-]+\.[A-Za-z]{2,63}$/;
const E164 = /^\+[1-9]\d{1,14}$/;

export const isEmail = (text: string): boolean => !text || EMAIL.test(text);
export const isNumber = (text: string): boolean => !text || E164.test(text);
