/** The numbers that make Philox4x32-10 (Salmon et al., SC 2011): for plain JavaScript and the compiler. */
export const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
/** What a round adds to the key: the golden ratio's and √3's fractions, times 2^32. */
export const keySteps = [0x9e3779b9, 0xbb67ae85] as const;
export const rounds = 10;
