package io.coord.spring.autoconfigure;

/** Whether clients of the embedded server show a certificate. */
public enum CoordClientAuth {
    /** They are not asked. */
    NONE,
    /** They are asked; one that shows none is let in. */
    WANT,
    /** One that shows none is not let in. */
    NEED
}
