const PASSWORD = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)\S{8,64}$/;

/** The rule for passwords (USER-32): 8 to 64 characters with an upper-case letter, a lower-case letter and a digit. */
export const isPassword = (text: string): boolean => PASSWORD.test(text);
