package io.coord.spring.autoconfigure;

/**
 * The servers that the application uses.
 *
 * @param addresses connect string, or "in this process" for an embedded server, "of an ensemble, one of them in this process" for a member
 * @param reason why these, as the end of a sentence that begins with "because"
 */
public record CoordServers(CoordMode mode, String addresses, String reason) {

    /** "servers at …" or "servers in this process". */
    String phrase() {
        return mode == CoordMode.EXTERNAL ? "servers at " + addresses : "servers " + addresses;
    }
}
