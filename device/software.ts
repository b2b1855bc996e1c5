/** Name and version of this software, as the hub tells them. */
export const software = 'doorward/0.1.0';
