package io.coord.sample;

/** The shop does not sell what was asked for. Nothing was sold. */
final class OrderRefusedException extends RuntimeException {

    enum Reason {
        INVALID,
        UNKNOWN_ITEM,
        SOLD_OUT,
        DIFFERENT_ORDER,
        INTERRUPTED
    }

    private final Reason reason;

    private OrderRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    static OrderRefusedException invalid(String what) {
        return new OrderRefusedException(Reason.INVALID, "This is no order: " + what + ".");
    }

    static OrderRefusedException unknownItem(String item) {
        return new OrderRefusedException(Reason.UNKNOWN_ITEM, "The shop has no " + item + ".");
    }

    static OrderRefusedException soldOut(String item, int asked, int left) {
        return new OrderRefusedException(
                Reason.SOLD_OUT, "Sold out: " + asked + " × " + item + " were asked for, " + left + " are left.");
    }

    static OrderRefusedException differentOrder(Order sold) {
        return new OrderRefusedException(
                Reason.DIFFERENT_ORDER,
                "Order " + sold.id() + " was sold before, and it was for " + sold.quantity() + " × " + sold.item()
                        + ".");
    }

    static OrderRefusedException interrupted() {
        return new OrderRefusedException(Reason.INTERRUPTED, "The shop closes.");
    }

    Reason reason() {
        return reason;
    }
}
