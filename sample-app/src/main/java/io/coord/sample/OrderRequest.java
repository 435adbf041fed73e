package io.coord.sample;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a customer asks for, checked.
 *
 * @param id names the order for ever: sent again under the same id, it is not sold again
 */
record OrderRequest(String id, String item, int quantity) {

    private static final int MOST = 1_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** @throws OrderRefusedException when it makes no sense */
    static OrderRequest of(@Nullable String id, @Nullable String item, @Nullable Integer quantity) {
        if (item == null || !NAME.matcher(item).matches()) {
            throw OrderRefusedException.invalid("'item' must name what to buy");
        }
        if (quantity == null || quantity < 1 || quantity > MOST) {
            throw OrderRefusedException.invalid("'quantity' must be a number from 1 to " + MOST);
        }
        return new OrderRequest(id == null ? UUID.randomUUID().toString() : checkedId(id), item, quantity);
    }

    static String checkedId(String id) {
        if (!NAME.matcher(id).matches()) {
            throw OrderRefusedException.invalid(
                    "an order's id has up to 64 letters, digits, dots, dashes and underscores, and starts with a letter or digit");
        }
        return id;
    }
}
