package io.coord.spring.guide;

import io.coord.recipes.discovery.ServiceInstance;
import io.coord.spring.discovery.InstanceDetails;
import io.coord.spring.discovery.ServiceChange;
import io.coord.spring.discovery.ServiceListener;
import io.coord.spring.watch.NodeChange;
import io.coord.spring.watch.NodeListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

class Listeners {

    record Prices(int tea) {}

    record Order(String id) {}

    @NodeListener("/shop/prices")
    void use(@Nullable Prices prices) {
        System.out.println(prices);
    }

    @NodeListener(path = "/shop/orders", depth = 1, types = NodeChange.Type.CREATED)
    void ship(NodeChange<Order> order) {
        System.out.println(order.path() + " " + order.value());
    }

    @ServiceListener("payment")
    void onPayment(ServiceChange change) {
        System.out.println(change.type());
    }

    @ServiceListener("payment")
    void route(List<ServiceInstance<InstanceDetails>> present) {
        System.out.println(present);
    }
}
