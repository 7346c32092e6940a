/** Who may log in, and the realm in which their passwords are checked. */
package org.bolide.users;
