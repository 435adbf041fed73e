package io.coord.spring.autoconfigure;

/** A customizer that can also change a client which was made before the context was there. */
public interface EarlyClientCustomizer extends CoordClientCustomizer {

    void customize(EarlyClient client);
}
