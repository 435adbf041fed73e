package io.coord.sample;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Everything but orders over HTTP. */
@RestController
class ShopController {

    private final Warehouse warehouse;
    private final ConfigFollower config;
    private final ShopView view;
    private final EventLog events;

    ShopController(Warehouse warehouse, ConfigFollower config, ShopView view, EventLog events) {
        this.warehouse = warehouse;
        this.config = config;
        this.view = view;
        this.events = events;
    }

    /** What is left, as of one moment: read under the read lock. */
    @GetMapping("/stock")
    List<ShopView.StockLine> stock() {
        return ShopView.stockLines(warehouse.report(), config.current());
    }

    /** Whether the ledgers and the stock agree: counted under the read lock. */
    @GetMapping("/audit")
    Warehouse.Audit audit() {
        return warehouse.audit();
    }

    @GetMapping("/instances")
    List<ShopView.Instance> instances() {
        return view.instances();
    }

    /** Who holds the stock's lock and who waits for it, read from the servers. */
    @GetMapping("/locks")
    ShopView.Lock locks() {
        return view.lock();
    }

    @GetMapping("/events")
    List<EventLog.Event> events() {
        return events.latest();
    }

    @GetMapping("/config")
    ConfigFollower.Followed config() {
        return config.followed();
    }

    /**
     * Changes the configuration for all instances.
     *
     * @param version that the caller has seen; 409 when it is another one by now. Without it the change is unconditional.
     */
    @PutMapping("/config")
    void changeConfig(@RequestBody ShopConfig value, @RequestParam(required = false) @Nullable Integer version) {
        config.change(value, version);
    }

    /** All that the page shows, from this instance's caches. */
    @GetMapping("/overview")
    ShopView.Overview overview() {
        return view.overview();
    }
}
