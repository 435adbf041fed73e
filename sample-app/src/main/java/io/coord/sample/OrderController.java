package io.coord.sample;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.annotation.DurationFormat.Style;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Orders over HTTP. */
@RestController
@RequestMapping("/orders")
class OrderController {

    /** Request attribute with the id of the order that the request is about, for answers to failures. */
    static final String ORDER_ID = OrderController.class.getName() + ".orderId";

    /** The body of a POST. */
    record OrderBody(
            @Nullable String id,
            @Nullable String item,
            @Nullable Integer quantity) {}

    private final Warehouse warehouse;
    private final ShopView view;
    private final ShopProperties properties;

    OrderController(Warehouse warehouse, ShopView view, ShopProperties properties) {
        this.warehouse = warehouse;
        this.view = view;
        this.properties = properties;
    }

    /**
     * Sells an order: 201 when it was sold by this request, 200 when it had been sold before under the same id.
     *
     * @param thinkTime for experiments: how long to wait between looking at the stock and writing it
     */
    @PostMapping
    ResponseEntity<Order> sell(
            @RequestBody OrderBody body,
            @RequestParam(name = "think-time", required = false) @DurationFormat(style = Style.SIMPLE) @Nullable
                    Duration thinkTime,
            HttpServletRequest http) {
        OrderRequest request = OrderRequest.of(body.id(), body.item(), body.quantity());
        http.setAttribute(ORDER_ID, request.id());
        Warehouse.Sale sale = warehouse.sell(request, checked(thinkTime));
        return sale.repeated()
                ? ResponseEntity.ok(sale.order())
                : ResponseEntity.created(URI.create("/orders/" + sale.order().id()))
                        .body(sale.order());
    }

    /** The latest orders, newest first, as this instance has them in its cache. */
    @GetMapping
    List<Order> latest() {
        return view.latestOrders(1_000);
    }

    /** One order, read from the servers: to find out what became of an order that was not answered. */
    @GetMapping("/{id}")
    ResponseEntity<Order> find(@PathVariable String id) {
        return ResponseEntity.of(warehouse.reconcile(OrderRequest.checkedId(id)));
    }

    private Duration checked(@Nullable Duration thinkTime) {
        if (thinkTime == null) {
            return properties.thinkTime();
        }
        try {
            ShopProperties.checkThinkTime(thinkTime);
            return thinkTime;
        } catch (IllegalArgumentException e) {
            throw OrderRefusedException.invalid(String.valueOf(e.getMessage()));
        }
    }
}
