package org.springframework.samples.coord;

import io.coord.spring.lock.WriteLock;

/** A class of an application whose package begins like Spring's own, as that of a well-known sample does. */
public class PetStore {

    @WriteLock("pets")
    public void sell() {}
}
