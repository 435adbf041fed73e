package io.coord.spring.config;

import org.springframework.boot.origin.Origin;

/** Where a value comes from, as failure texts and the endpoint {@code env} show it. */
record ZnodeOrigin(String path) implements Origin {

    @Override
    public String toString() {
        return "znode " + path;
    }
}
