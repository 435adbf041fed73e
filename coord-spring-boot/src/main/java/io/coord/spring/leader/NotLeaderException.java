package io.coord.spring.leader;

/** A {@link LeaderOnly} method was called where another application leads. It did not run. */
public final class NotLeaderException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String role;

    NotLeaderException(String method, String role) {
        super(method + " did not run: this application does not lead '" + role + "'");
        this.role = role;
    }

    public String role() {
        return role;
    }
}
